"""Sentences that the connectors to brokers, streams and /hooks say (see components.sentences)."""

from domain.measures import N_

STREAMS = (
    N_("{host} and we do not trust each other ({error}); check options.ca, certificate and key"),
    N_("{host} broke off ({error}); it will be tried again. If it goes on, see that nobody else comes in as '{name}'"),
    N_("{host} refuses us ({error}); check options.user and the password in the environment"),
    N_("{host} does not understand us ({error}); correct options.version, client or topics"),
    N_("{host} does not understand us ({error}); correct options.stream"),
    N_("{host}: the group '{name}' is gone; it will be made again"),
    N_("a certificate cannot be read ({error}); correct options.ca, certificate or key"),
    N_("the message on '{topic}' cannot be read: {why}"),
    N_("the topic of the message is not UTF-8; mend what sends it"),
    N_("the entry {id} cannot be read: {why}"),
    N_("the delivery {id} cannot be read: {why}"),
    N_("the broker {host} had lost our session: what was sent meanwhile did not reach us"),
    N_("the broker {host} went back to an older state: what it had taken since and not handed on is lost"),
    N_("{host}: {n} entries were trimmed from the stream before we could read them"),
    N_("{host}: {n} entries were trimmed from the stream before we had stored them"),
    N_("{host}: the server had lost the stream, or went back to an older state of it, with what it held for us"),
    N_("{host}: the group was gone, and the stream no longer reaches back to what we had read"),
)
BODIES = (
    N_("it is not JSON ({error}); mend what sends it"),
    N_("it is larger than {n} MB; send less at a time"),
    N_("nothing is at '{name}'; mend what sends it, or options.items"),
    N_("it is not UTF-8 text; mend what sends it"),
    N_("with it the page would have more than {n} columns; give values fixed names"),
)
"""Why a message has no rows."""

CAUSES = (
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("No route to host"),
    N_("Network is unreachable"),
    N_("timed out"),
    N_("it does not answer"),
    N_("the connection broke"),
    N_("it does not speak MQTT"),
    N_("it is still loading its data"),
    N_("it is a copy that takes no writes"),
    N_("wrong user or password"),
    N_("it asks for a password"),
    N_("we may not use it"),
    N_("the key holds something else than a stream"),
    N_("Bad user name or password"),
    N_("Not authorized"),
    N_("Session taken over"),
    N_("Server shutting down"),
    N_("Keep alive timeout"),
)
"""What stands in brackets: the words of the system, of MQTT 5 (2.4), and our own."""
