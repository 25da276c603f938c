using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;

[assembly: CollectionBehavior("PhotoMl.Tests.TestCollections", "PhotoMl.Tests", MaxParallelThreads = 2)]

namespace PhotoMl.Tests;

/// <summary>The tests of what does not know torch run in parallel, all others one after another: torch's threads, its random numbers
/// and its count of live tensors belong to the process.</summary>
public sealed class TestCollections(ITestAssembly assembly, IMessageSink messages) : IXunitTestCollectionFactory
{
    private static readonly string[] WithoutTorch =
    [
        "PhotoMl.Tests.Models.ForeignFile",
        "PhotoMl.Tests.IO.", "PhotoMl.Tests.Imaging.", "PhotoMl.Tests.Quality.P", "PhotoMl.Tests.Quality.D",
        "PhotoMl.Tests.Quality.ConfidentLearning", "PhotoMl.Tests.Data.DatasetDownloader",
        "PhotoMl.Tests.Data.BuiltInDigits", "PhotoMl.Tests.Data.Idx", "PhotoMl.Tests.Data.PhotoCsv",
        "PhotoMl.Tests.Data.ComposedText", "PhotoMl.Tests.Data.ImageFiles", "PhotoMl.Tests.Data.PhotoFolder",
        "PhotoMl.Tests.Data.SplitWords", "PhotoMl.Tests.Evaluation.ConformalRanks",
    ];

    private readonly CollectionPerClassTestCollectionFactory _parallel = new(assembly, messages);
    private readonly CollectionPerAssemblyTestCollectionFactory _serial = new(assembly, messages);

    public string DisplayName => "by folder";

    public ITestCollection Get(ITypeInfo testClass) =>
        WithoutTorch.Any(folder => testClass.Name.StartsWith(folder, StringComparison.Ordinal))
            ? _parallel.Get(testClass)
            : _serial.Get(testClass);

    // A test may touch torch before any type of PhotoMl, and a failed start of torch lasts as long as the process.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no entry point of its own.")]
    internal static void Start()
    {
        NativeSettings.LimitSpinning(); // test projects run side by side
        NativeLibraries.EnsureLoaded();
        AtomicFile.Flushes = false;
    }
}

/// <summary>Tests of the process's memory, beside which nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit calls it a collection.")]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}
