from flask import Blueprint

blueprint = Blueprint("petitions", __name__)
