using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>libtorch's switch for NNPACK, a library of convolutions.</summary>
/// <remarks>
/// oneDNN takes the convolutions of every network here. But where NNPACK does not know the processor, libtorch prints "Could not initialize NNPACK" to standard
/// error each time it considers it, whatever <c>TORCH_CPP_LOG_LEVEL</c> says.
/// </remarks>
internal static unsafe class Nnpack
{
    public const string HostLibrary = "libtorch_cpu.so";

    public static bool TurnOff(string libtorchPath)
    {
        // at::globalContext() and at::Context::setUserEnabledNNPACK(bool).
        if (!NativeLibrary.TryLoad(libtorchPath, out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out var set))
        {
            return false;
        }

        ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), 0);
        return true;
    }
}
