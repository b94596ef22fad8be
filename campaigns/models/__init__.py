"""What is to be achieved, where, by and for whom."""

from campaigns.models.campaign import AgencyProfile, Campaign, Target, TargetCriterion, TargetVersion
from campaigns.models.declared import FigureSource, Headcount
from campaigns.models.exclusions import Exclusion
from campaigns.models.households import Household, HouseholdMove
from campaigns.models.imports import ColumnMapping, DistinctPeople, PersonMerge, RosterImport
from campaigns.models.people import Membership, Person
from campaigns.models.review import ReviewedRecord
from campaigns.models.teams import DigitalTeam
from campaigns.models.units import Unit, UnitRole

__all__ = [
    "AgencyProfile",
    "Campaign",
    "ColumnMapping",
    "DigitalTeam",
    "DistinctPeople",
    "Exclusion",
    "FigureSource",
    "Headcount",
    "Household",
    "HouseholdMove",
    "Membership",
    "Person",
    "PersonMerge",
    "ReviewedRecord",
    "RosterImport",
    "Target",
    "TargetCriterion",
    "TargetVersion",
    "Unit",
    "UnitRole",
]
