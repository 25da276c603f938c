// Torch's threads, its random numbers and its count of live tensors belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
