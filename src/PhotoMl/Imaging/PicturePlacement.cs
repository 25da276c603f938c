namespace PhotoMl.Imaging;

/// <summary>Where a whole picture comes to lie in the input that is made of it, in the input's pixels; it may reach beyond the input, of
/// which it then is cut.</summary>
/// <param name="Left">The picture's left edge, counted from the input's.</param>
/// <param name="Top">The picture's top edge, counted from the input's.</param>
/// <param name="Width">The picture's width; 0 where nothing of it is in the input.</param>
/// <param name="Height">The picture's height.</param>
internal readonly record struct PicturePlacement(double Left, double Top, double Width, double Height)
{
    /// <summary>Finds where a place in the picture lies in the input.</summary>
    /// <param name="x">From the picture's left edge, 0, to its right edge, 1.</param>
    /// <param name="y">From the picture's top edge, 0, to its bottom edge, 1.</param>
    /// <returns>The place in pixels from the input's left and top edge: the middle of its first pixel is at (0.5, 0.5).</returns>
    public (double X, double Y) Find(double x, double y) => (Left + (x * Width), Top + (y * Height));

    /// <summary>The placement after what it lies in has moved.</summary>
    public PicturePlacement Move(double right, double down) => this with { Left = Left + right, Top = Top + down };

    /// <summary>The placement after what it lies in was resized.</summary>
    public PicturePlacement Resize(FloatImage from, FloatImage to)
    {
        var (x, y) = ((double)to.Width / from.Width, (double)to.Height / from.Height);
        return new PicturePlacement(Left * x, Top * y, Width * x, Height * y);
    }

    /// <summary>The placement of a picture of which this is that of a rectangle.</summary>
    /// <param name="left">The rectangle's first column.</param>
    /// <param name="top">The rectangle's first row.</param>
    /// <param name="rectangle">The rectangle.</param>
    /// <param name="picture">The picture.</param>
    public PicturePlacement Around(int left, int top, FloatImage rectangle, FloatImage picture)
    {
        var (x, y) = (Width / rectangle.Width, Height / rectangle.Height);
        return new PicturePlacement(Left - (left * x), Top - (top * y), picture.Width * x, picture.Height * y);
    }
}
