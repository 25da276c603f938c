namespace PhotoMl.Imaging;

/// <summary>Where a whole picture comes to lie in the input that is made of it, in the input's pixels; it may reach beyond the input, of
/// which it then is cut.</summary>
internal readonly record struct PicturePlacement(double Left, double Top, double Width, double Height)
{
    public (double X, double Y) Find(double x, double y) => (Left + (x * Width), Top + (y * Height));

    public PicturePlacement Move(double right, double down) => this with { Left = Left + right, Top = Top + down };

    public PicturePlacement Resize(FloatImage from, FloatImage to)
    {
        var (x, y) = ((double)to.Width / from.Width, (double)to.Height / from.Height);
        return new PicturePlacement(Left * x, Top * y, Width * x, Height * y);
    }

    /// <summary>The placement of a picture of which this is that of a rectangle.</summary>
    public PicturePlacement Around(int left, int top, FloatImage rectangle, FloatImage picture)
    {
        var (x, y) = (Width / rectangle.Width, Height / rectangle.Height);
        return new PicturePlacement(Left - (left * x), Top - (top * y), picture.Width * x, picture.Height * y);
    }
}
