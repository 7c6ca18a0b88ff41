"""Sentences that the way out says of hosts that answer badly, beside those in components.sentences."""

from domain.measures import N_

OUTGOING = (
    N_("{host} broke off in the middle of its answer; it will be tried again"),
    N_("{host} answers with something that is not XML ({error}); check options.url"),
    N_("{host} answers packed as '{coding}', which nobody asked for; correct the server"),
    N_("{host} answers with a damaged packed body ({error}); correct the server"),
    N_("{host} cannot be asked like this; check options.url and the key for stray characters"),
    N_("{host} is no address that can be asked; correct options.url"),
    N_("{host} is not named in the settings; add it to options.hosts if it is meant"),
    N_("the source leads to an address of kind '{kind}', which is not followed"),
    N_("the header {name} holds a sign that cannot be sent; check it in the environment"),
    N_("an address names a host that cannot be; correct options.url"),
)
