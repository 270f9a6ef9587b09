"""A CRM's export, from files to what the portal keeps. Nothing here touches the database."""
