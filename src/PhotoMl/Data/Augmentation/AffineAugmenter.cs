namespace PhotoMl.Data;

/// <summary>Shifts, turns, scales and shears every image of a batch differently, in one resampling.</summary>
internal sealed class AffineAugmenter(AugmentationOptions options)
{
    /// <summary>Varies a batch of images: the varied images, (N, C, H, W), float32, zero outside the original.</summary>
    public Tensor Apply(Tensor images, DeterministicRandom random)
    {
        if (options.Strength == 0)
        {
            return images.alias();
        }

        using var scope = NewDisposeScope();
        var maps = new float[images.shape[0] * 6];
        for (var i = 0; i < maps.Length; i += 6)
        {
            DrawMap(random, maps.AsSpan(i, 6));
        }

        var theta = AlignedTensor.Copy(maps, images.shape[0], 2, 3).to(images.device);
        var grid = nn.functional.affine_grid(theta, images.shape); // (N, H, W, 2)
        return nn.functional.grid_sample(images, grid, padding_mode: GridSamplePaddingMode.Zeros, align_corners: false)
            .MoveToOuterDisposeScope();
    }

    // The map from a pixel of the result to the pixel of the original it shows, in coordinates from -1 to 1.
    private void DrawMap(DeterministicRandom random, Span<float> map)
    {
        var angle = Draw(options.Rotation) * Math.PI / 180;
        var scaleX = 1 + Draw(options.Scale);
        var scaleY = 1 + Draw(options.Scale);
        var shear = Draw(options.Shear);
        var (sin, cos) = Math.SinCos(angle);
        map[0] = (float)(scaleX * cos);
        map[1] = (float)(scaleX * ((shear * cos) - sin));
        map[2] = (float)(2 * Draw(options.Shift));
        map[3] = (float)(scaleY * sin);
        map[4] = (float)(scaleY * ((shear * sin) + cos));
        map[5] = (float)(2 * Draw(options.Shift));

        double Draw(double limit) => random.NextDouble(-1, 1) * limit * options.Strength;
    }
}
