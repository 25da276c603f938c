namespace PhotoMl.Imaging;

/// <summary>A network's input made of a picture, and where the picture lies in it.</summary>
/// <param name="Bytes">The input, (channels, height, width), 0 to 255: not yet scaled, shifted and divided.</param>
/// <param name="Placement">Where the whole upright picture lies in the input.</param>
public sealed record PreparedPicture(byte[] Bytes, PicturePlacement Placement);
