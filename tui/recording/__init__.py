"""Recording a lecture: the player driven along the script, without a terminal, into files that anybody can play."""
