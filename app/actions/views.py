from flask import Blueprint

blueprint = Blueprint("actions", __name__)
