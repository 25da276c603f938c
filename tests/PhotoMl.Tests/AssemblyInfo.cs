[assembly: CollectionBehavior("PhotoMl.Tests.TestCollections", "PhotoMl.Tests", MaxParallelThreads = 2)]
