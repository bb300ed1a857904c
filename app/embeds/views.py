from flask import Blueprint

blueprint = Blueprint("embeds", __name__)
