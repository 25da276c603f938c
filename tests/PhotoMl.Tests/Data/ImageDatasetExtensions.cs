namespace PhotoMl.Tests;

/// <summary>What tests ask of a data set beyond what the library does.</summary>
internal static class ImageDatasetExtensions
{
    extension(ImageDataset data)
    {
        /// <summary>All images at once, (N, C, H, W), uint8, of a set that lies in memory; they stay the data set's.</summary>
        public Tensor Images => ((TensorPixels)data.Pixels).Tensor;
    }
}
