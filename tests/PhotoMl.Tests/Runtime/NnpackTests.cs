using System.Runtime.InteropServices;

namespace PhotoMl.Tests.Runtime;

public class NnpackTests
{
    // Where NNPACK does not know the processor, libtorch would print a line to standard error each time it considers it.
    [LinuxFact]
    public void Libtorch_does_not_consider_it()
    {
        NativeLibraries.EnsureLoaded();
        var library = NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(NativeLibraries.LibraryPath)!, Nnpack.HostLibrary));
        var context = Marshal.GetDelegateForFunctionPointer<GlobalContext>(NativeLibrary.GetExport(library, "_ZN2at13globalContextEv"));
        var isEnabled = Marshal.GetDelegateForFunctionPointer<UserEnabled>(NativeLibrary.GetExport(library, "_ZNK2at7Context17userEnabledNNPACKEv"));

        Assert.Equal(0, isEnabled(context()));
    }

    private delegate nint GlobalContext();

    private delegate byte UserEnabled(nint context);
}
