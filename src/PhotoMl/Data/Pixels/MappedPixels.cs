using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Pixels in a file that is mapped into memory, so that a data set may be larger than it.</summary>
internal sealed class MappedPixels : PixelStore
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly int[] _rows;
    private bool _isReleased;

    /// <summary>Sees images in a file.</summary>
    /// <param name="file">The file; the store becomes one more user of it.</param>
    /// <param name="offset">Where the first row begins.</param>
    /// <param name="rows">The row of each image; rows of C x H x W bytes lie one after the other.</param>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <exception cref="ArgumentException">A row lies outside of the file.</exception>
    public MappedPixels(MappedFile file, long offset, int[] rows, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        (Channels, Height, Width) = (channels, height, width);
        var inFile = (file.Length - offset) / RowBytes;
        if (Array.FindIndex(rows, row => row < 0 || row >= inFile) is >= 0 and var wrong)
        {
            throw new ArgumentException($"Expected rows from 0 to {inFile - 1} but got {rows[wrong]}.", nameof(rows));
        }

        _file = file.Share();
        _offset = offset;
        _rows = rows;
    }

    /// <inheritdoc/>
    public override int Count => _rows.Length;

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <inheritdoc/>
    public override int Height { get; }

    /// <inheritdoc/>
    public override int Width { get; }

    private int RowBytes => Channels * Height * Width;

    /// <inheritdoc/>
    /// <exception cref="InvalidDatasetException">Another program has shortened the file.</exception>
    public override Tensor Take(ReadOnlySpan<long> indices)
    {
        Check(indices);
        var images = Make(indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            Copy(_rows[indices[i]], images, i);
        }

        return images;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDatasetException">Another program has shortened the file.</exception>
    public override Tensor Take(int start, int count)
    {
        Check(start, count);
        var images = Make(count);
        for (var i = 0; i < count; i++)
        {
            Copy(_rows[start + i], images, i);
        }

        return images;
    }

    /// <inheritdoc/>
    public override PixelStore Subset(long[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        Check(indices);
        ObjectDisposedException.ThrowIf(_isReleased, this);
        return new MappedPixels(_file, _offset, Array.ConvertAll(indices, index => _rows[index]), Channels, Height, Width);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isReleased)
        {
            _isReleased = true;
            _file.Release();
        }
    }

    private Tensor Make(int count)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        _file.CheckLength();
        return empty([count, Channels, Height, Width], ScalarType.Byte);
    }

    // One image at a time: the memory of a tensor above 2 GiB cannot be seen at once.
    private void Copy(int row, Tensor images, int index)
    {
        using var image = images[index];
        _file.Read(_offset + ((long)row * RowBytes), image.bytes);
    }
}
