namespace PhotoMl.Tests.Runtime;

/// <summary>On the real library, which lies next to the tests on Linux.</summary>
public sealed class ElfFileTests
{
    private static readonly Lazy<byte[]> Library =
        new(() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, NativeLibraryLoader.FileName)));

    [LinuxFact]
    public void The_libraries_and_versions_that_TorchSharp_needs_are_found()
    {
        using var stream = new MemoryStream(Library.Value);
        var file = new ElfFile(stream);
        var needs = file.ReadVersionNeeds().ToList();

        Assert.Equal(ElfFile.HostMachine, file.Machine);
        Assert.Contains("libtorch_cpu.so", file.Needed);
        Assert.Contains("libstdc++.so.6", file.Needed);
        Assert.Contains(needs, need => need.Name.StartsWith("GLIBCXX_3.4", StringComparison.Ordinal));
        Assert.Contains(needs, need => need.Name.StartsWith("GLIBC_2.", StringComparison.Ordinal));
        Assert.Equal(needs.Count, needs.Select(need => need.Index).Distinct().Count());
        Assert.NotEmpty(file.ReadBoundVersions().Intersect(needs.Select(need => need.Index)));
    }

    [LinuxFact]
    public void A_patch_marks_the_versions_nothing_is_bound_to_and_changes_nothing_else()
    {
        byte[] patched = [.. Library.Value];
        var marked = ElfFile.MarkUnusedVersions(patched);

        using var stream = new MemoryStream(Library.Value);
        var file = new ElfFile(stream);
        var bound = file.ReadBoundVersions();
        var unbound = file.ReadVersionNeeds().Where(need => !bound.Contains(need.Index)).ToList();
        var changed = Enumerable.Range(0, patched.Length).Where(i => patched[i] != Library.Value[i]).Select(i => (long)i);

        Assert.Contains("GLIBCXX_3.4.32", marked);
        Assert.DoesNotContain("GLIBCXX_3.4", marked);
        Assert.Equal(unbound.Select(need => need.Name), marked);
        Assert.Equal(unbound.Select(need => need.FlagsOffset).Order(), changed);
        Assert.All(unbound, need => Assert.Equal(Library.Value[need.FlagsOffset] | 2, patched[need.FlagsOffset]));
    }

    [LinuxFact]
    public void A_library_cut_anywhere_is_refused()
    {
        var length = Library.Value.Length * 8L / 10; // at the end are names for debuggers, which loading does not need
        foreach (var offset in Enumerable.Range(0, 70).Concat(Enumerable.Range(0, 50).Select(i => (int)(length * i / 50))))
        {
            Assert.Throws<InvalidDataException>(() => ElfFile.MarkUnusedVersions(Library.Value[..offset]));
        }
    }

    [LinuxFact]
    public void Headers_that_lead_nowhere_or_in_a_circle_are_survived()
    {
        const int VersionSymbols = 0x6ffffff0, NeedsCount = 0x6fffffff;

        // Without the table of symbols' versions nothing is known to be bound; with a count without end the list still ends.
        Survive(ReplaceTag(VersionSymbols, 0x12345, value: null));
        Survive(ReplaceTag(NeedsCount, NeedsCount, long.MaxValue));
    }

    [LinuxFact]
    public void A_library_with_any_bytes_of_its_headers_changed_is_read_or_refused()
    {
        // The program headers, and wherever the dynamic section lies.
        var dynamic = DynamicOffset();
        var place = Gen.OneOf(Gen.Choose(0, 64 + (56 * 12)), Gen.Choose(dynamic, dynamic + 600), Gen.Choose(0, Library.Value.Length - 1));
        var changes = Gen.NonEmptyListOf(place.SelectMany(at => Gen.Choose(0, 255).Select(value => (at, value))));
        Prop.ForAll(changes.ToArbitrary(), list =>
        {
            byte[] bytes = [.. Library.Value];
            foreach (var (at, value) in list)
            {
                bytes[at] = (byte)value;
            }

            Survive(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static void Survive(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ElfFile.MarkUnusedVersions(bytes);
        }
        catch (InvalidDataException)
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 20);
    }

    private static int DynamicOffset()
    {
        var first = BitConverter.ToInt32(Library.Value, 32);
        var found = Enumerable.Range(0, BitConverter.ToUInt16(Library.Value, 56)).Select(i => first + (i * 56))
            .First(at => BitConverter.ToInt32(Library.Value, at) == 2);
        return BitConverter.ToInt32(Library.Value, found + 8);
    }

    private static byte[] ReplaceTag(long tag, long replacement, long? value)
    {
        byte[] bytes = [.. Library.Value];
        var at = DynamicOffset();
        while (BitConverter.ToInt64(bytes, at) != tag)
        {
            at += 16;
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), replacement);
        if (value is { } number)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), number);
        }

        return bytes;
    }
}
