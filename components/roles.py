"""The roles in words."""

from domain.measures import N_

ROLE_NAMES = {
    "viewer": N_("Viewer"), "officer": N_("Grid officer"), "intake": N_("Intake officer"),
    "shift_leader": N_("Shift leader"), "dispatcher": N_("Dispatcher"), "handler": N_("Department handler"),
    "verifier": N_("Verifier"), "return_visitor": N_("Return visitor"), "leader": N_("Leader"),
    "system_admin": N_("System administrator"), "security_admin": N_("Security administrator"),
    "auditor": N_("Auditor"),
}  # fmt: skip
"""Role → message id of its name."""
