from integrations.models.mail import InboundMessage, MailOutcome, MailWay

__all__ = ["InboundMessage", "MailOutcome", "MailWay"]
