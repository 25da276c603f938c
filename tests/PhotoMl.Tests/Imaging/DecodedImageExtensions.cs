namespace PhotoMl.Tests.Imaging;

internal static class DecodedImageExtensions
{
    extension(DecodedImage image)
    {
        /// <summary>A copy of the pixels, (height, width, 3).</summary>
        public byte[] Rgb => image.Pixels.ToArray();
    }
}
