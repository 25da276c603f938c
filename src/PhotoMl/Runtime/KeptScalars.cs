namespace PhotoMl.Runtime;

/// <summary>Numbers to give to operators that several threads compute at once.</summary>
/// <remarks>TorchSharp makes an object of a number and passes its handle alone: a temporary one can be finalized, in a collection that
/// another thread starts, while the operator reads it. <c>add</c> makes one of its alpha where it is given none.</remarks>
internal static class KeptScalars
{
    public static readonly TorchSharp.Scalar One = 1;
    public static readonly TorchSharp.Scalar Two = 2;
    public static readonly TorchSharp.Scalar Tiny = 1e-12;
}
