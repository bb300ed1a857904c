from flask import Blueprint

blueprint = Blueprint("organizing", __name__)
