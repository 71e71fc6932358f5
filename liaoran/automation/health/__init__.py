"""Health 健康度: how a record stands, by the signals that its Object defines."""
