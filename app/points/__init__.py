"""Reciprocity points (품앗이 점수): what people who helped each other are thanked with."""
