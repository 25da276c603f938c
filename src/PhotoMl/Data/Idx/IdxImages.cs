namespace PhotoMl.Data;

/// <summary>The grey images of one IDX file.</summary>
/// <param name="Count">The number of images, at least 1.</param>
/// <param name="Height">The height of each image in pixels, at least 1.</param>
/// <param name="Width">The width of each image in pixels, at least 1.</param>
/// <param name="Pixels">The pixels of all images, image by image, row by row, in the file's own values (for MNIST 0 is the background).</param>
public sealed record IdxImages(int Count, int Height, int Width, byte[] Pixels);
