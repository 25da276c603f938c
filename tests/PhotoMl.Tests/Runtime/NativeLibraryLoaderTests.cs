using TorchSharp;

namespace PhotoMl.Tests.Runtime;

public sealed class NativeLibraryLoaderTests : FolderTests
{
    private static string Home => AppContext.BaseDirectory;

    private string Library => Folder.File(NativeLibraryLoader.FileName);

    [Fact]
    public void After_loading_torch_computes_and_the_way_it_was_loaded_is_known()
    {
        NativeLibraries.EnsureLoaded();
        NativeLibraries.EnsureLoaded();
        using var sum = torch.ones(3).sum();

        Assert.Equal(3, sum.item<float>());
        Assert.True(File.Exists(NativeLibraries.LibraryPath));
        Assert.False(Directory.Exists(Path.Combine(Home, "cpu")), "TorchSharp has copied its library.");
    }

    [Fact]
    public void A_missing_library_is_named_with_the_folders_searched_and_the_package_to_install()
    {
        var exception = Refusal();

        Assert.Equal(NativeLibraryLoader.FileName, exception.Path);
        Assert.Contains(Folder.Path, exception.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_missing_library_that_another_needs_is_named()
    {
        LinkAllBut(NativeLibraryLoader.TorchLibrary);
        var exception = Refusal();

        Assert.Equal(Folder.File(NativeLibraryLoader.TorchLibrary), exception.Path);
        Assert.Contains("needs it", exception.Reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_truncated_library_is_named_before_the_system_maps_it()
    {
        LinkAllBut(NativeLibraryLoader.TorchLibrary);
        using (var whole = File.OpenRead(Path.Combine(Home, NativeLibraryLoader.TorchLibrary)))
        {
            var start = new byte[1 << 20];
            whole.ReadExactly(start);
            File.WriteAllBytes(Folder.File(NativeLibraryLoader.TorchLibrary), start);
        }

        var exception = Refusal();

        Assert.Equal(Folder.File(NativeLibraryLoader.TorchLibrary), exception.Path);
        Assert.Contains("ends after 1048576 bytes", exception.Reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_library_for_another_processor_is_named_with_both()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Home, NativeLibraryLoader.FileName));
        bytes[18] = 243; // RISC-V
        File.WriteAllBytes(Library, bytes);

        Assert.Contains($"ELF machine 243, here {ElfFile.HostMachine}", Refusal().Reason, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_file_that_is_no_library_is_named()
    {
        File.WriteAllText(Library, "");
        Assert.Contains("ends after 0 bytes", Refusal().Reason, StringComparison.Ordinal);

        File.WriteAllText(Library, new string('x', 1000));
        Assert.Contains("not an ELF library", Refusal().Reason, StringComparison.Ordinal);

        File.WriteAllBytes(Library, [0x7F, .. "ELF"u8, 1, 1, .. new byte[100]]);
        Assert.Contains("not a 64-bit", Refusal().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_the_right_name_that_is_a_folder_is_not_taken()
    {
        Directory.CreateDirectory(Library);

        Assert.Equal(NativeLibraryLoader.FileName, Refusal().Path);
    }

    // Where NNPACK does not know the processor, libtorch would print a line to standard error each time it considers it.
    [LinuxFact]
    public void Libtorch_does_not_consider_NNPACK()
    {
        NativeLibraries.EnsureLoaded();
        var library = NativeLibrary.Load(Path.Combine(Home, NativeLibraryLoader.TorchLibrary));
        var context = Marshal.GetDelegateForFunctionPointer<GlobalContext>(NativeLibrary.GetExport(library, "_ZN2at13globalContextEv"));
        var isEnabled = Marshal.GetDelegateForFunctionPointer<UserEnabled>(
            NativeLibrary.GetExport(library, "_ZNK2at7Context17userEnabledNNPACKEv"));

        Assert.Equal(0, isEnabled(context()));
    }

    private NativeLibraryException Refusal()
    {
        var exception = Assert.Throws<NativeLibraryException>(() => NativeLibraryLoader.Load([Folder.Path]));

        var expected = $"{exception.Path}: cannot load the native library because {exception.Reason}; install ";
        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("TorchSharp-cpu", exception.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private void LinkAllBut(string name)
    {
        foreach (var path in Directory.GetFiles(Home, "lib*.so*").Where(path => Path.GetFileName(path) != name))
        {
            File.CreateSymbolicLink(Folder.File(Path.GetFileName(path)), path);
        }
    }

    private delegate nint GlobalContext();

    private delegate byte UserEnabled(nint context);
}
