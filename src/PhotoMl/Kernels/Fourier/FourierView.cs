namespace PhotoMl.Kernels;

/// <summary>Where the transform of a batch of images, or of one phase of them, reads and writes.</summary>
/// <param name="Pixels">The pixels.</param>
/// <param name="Planes">The planes.</param>
/// <param name="Channels">The number of channels, a multiple of 16.</param>
/// <param name="Vertical">The transform along the height.</param>
/// <param name="Horizontal">The transform along the width.</param>
/// <param name="IsResult">Whether the planes are those of a result, otherwise of an operand.</param>
internal sealed record FourierView(PixelGrid Pixels, PlaneGrid Planes, int Channels, FourierAxis Vertical, FourierAxis Horizontal, bool IsResult);
