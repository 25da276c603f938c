namespace PhotoMl.Runtime;

/// <summary>Loads libtorch, on systems too where TorchSharp alone cannot.</summary>
public static class NativeLibraries
{
    /// <summary>Loads the native libraries unless they are loaded already.</summary>
    public static void EnsureLoaded()
    {
    }
}
