from flask import Blueprint

blueprint = Blueprint("pledges", __name__)
