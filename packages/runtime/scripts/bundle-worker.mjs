// Bundles the worker process into one file, so that its permission flags need to allow reading nothing else.
