using System.Diagnostics.CodeAnalysis;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PhotoMl.Tests;

/// <summary>
/// The tests of folders that do not know torch run in parallel, all others one after another: torch's threads, its random numbers and its
/// count of live tensors belong to the process.
/// </summary>
public sealed class TestCollections(ITestAssembly assembly, IMessageSink messages) : IXunitTestCollectionFactory
{
    private static readonly string[] WithoutTorch = ["PhotoMl.Tests.IO.", "PhotoMl.Tests.Imaging.", "PhotoMl.Tests.Quality."];

    private readonly CollectionPerClassTestCollectionFactory _parallel = new(assembly, messages);
    private readonly CollectionPerAssemblyTestCollectionFactory _serial = new(assembly, messages);

    public string DisplayName => "by folder";

    public ITestCollection Get(ITypeInfo testClass) =>
        WithoutTorch.Any(folder => testClass.Name.StartsWith(folder, StringComparison.Ordinal))
            ? _parallel.Get(testClass)
            : _serial.Get(testClass);
}

/// <summary>Tests of the process's memory, beside which nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit calls it a collection.")]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}
