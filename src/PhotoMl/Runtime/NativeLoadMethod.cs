namespace PhotoMl.Runtime;

/// <summary>How the native libraries came to be loaded.</summary>
public enum NativeLoadMethod
{
    /// <summary>They are not loaded.</summary>
    None,

    /// <summary>By the system's loader, as they are.</summary>
    Direct,

    /// <summary>TorchSharp's library as a copy in memory that does without a symbol version this system lacks and nothing uses.</summary>
    Patched,
}
