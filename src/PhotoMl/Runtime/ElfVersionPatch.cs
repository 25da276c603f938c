namespace PhotoMl.Runtime;

/// <summary>Lets a library load where a symbol version that it names but never uses is missing.</summary>
internal static class ElfVersionPatch
{
    private const byte WeakFlag = 0x2;

    /// <summary>Marks as weak every version need that no relocation refers to.</summary>
    /// <remarks>
    /// The loader only warns about a weak version that is missing. A version that nothing is bound to cannot be called,
    /// so nothing else changes: TorchSharp 0.107.0 names GLIBCXX_3.4.32 for a link-time marker of &lt;iostream&gt; alone.
    /// </remarks>
    public static IReadOnlyList<string> Apply(byte[] library)
    {
        using var stream = new MemoryStream(library, writable: false);
        var file = ElfFile.Read(stream);
        var bound = file.ReadBoundVersions();
        var marked = new List<string>();
        foreach (var need in file.ReadVersionNeeds().Where(need => !bound.Contains(need.Index)).ToList())
        {
            library[need.FlagsOffset] |= WeakFlag;
            marked.Add(need.Name);
        }

        return marked;
    }
}
