"""survey answers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ANSWERS = (
    ("contacted", "of surveys that ask: whether somebody made contact"),
    ("resolved", "whether it is solved"),
)


def upgrade() -> None:
    """What surveys ask beside satisfaction."""
    for name, comment in ANSWERS:
        op.add_column("ratings", sa.Column(name, sa.Boolean(), nullable=True, comment=comment))
