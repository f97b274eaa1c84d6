"""The demo commune: invented people in the organisation that the congress report describes.

`plan` invents everything as plain data for a given day, without a database; `commune.load` enters it through the same
actions as a person would. Every name, number and date of a person here is invented; the figures follow the report.
"""
