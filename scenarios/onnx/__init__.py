"""A network from elsewhere, in the ONNX format: read, put as layers of ours, written as a scenario."""
