using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Pixels in a file, so that a data set may be larger than memory.</summary>
/// <remarks>The file is held with a shared lock until its last store is disposed; one that is replaced or deleted meanwhile stays readable.</remarks>
internal sealed class FilePixels : PixelStore
{
    private readonly SharedFile _file;
    private readonly long _offset;
    private readonly int[] _rows;
    private readonly uint[] _checksums;
    private bool _isReleased;

    private FilePixels(SharedFile file, long offset, int[] rows, uint[] checksums, (int Channels, int Height, int Width) shape)
    {
        (_file, _offset, _rows, _checksums) = (file, offset, rows, checksums);
        (Channels, Height, Width) = shape;
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

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where the first row begins.</param>
    /// <param name="rows">The row of each image; rows of C x H x W bytes lie one after the other.</param>
    /// <param name="checksums">The checksum of each image.</param>
    /// <param name="shape">C, H and W, each at least 1.</param>
    /// <exception cref="IOException">It cannot be opened, or is locked.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FilePixels Open(string path, long offset, int[] rows, uint[] checksums, (int Channels, int Height, int Width) shape) =>
        new(new SharedFile(RegularFile.OpenHandle(path), path), offset, rows, checksums, shape);

    /// <inheritdoc/>
    /// <exception cref="InvalidDatasetException">Another program has shortened the file.</exception>
    public override Tensor Take(ReadOnlySpan<long> indices)
    {
        Check(indices);
        var images = Make(indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            Read(_rows[indices[i]], images, i);
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
            Read(_rows[start + i], images, i);
        }

        return images;
    }

    /// <inheritdoc/>
    public override PixelStore Subset(long[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        Check(indices);
        ObjectDisposedException.ThrowIf(_isReleased, this);
        _file.AddUser();
        return new FilePixels(
            _file, _offset, Array.ConvertAll(indices, i => _rows[i]), Array.ConvertAll(indices, i => _checksums[i]), (Channels, Height, Width));
    }

    /// <summary>Hashes the checksums, by which the pixels were verified when the file was opened.</summary>
    public override void AddTo(IncrementalHash hash, CancellationToken cancellationToken) => hash.AppendData(MemoryMarshal.AsBytes<uint>(_checksums));

    /// <inheritdoc/>
    public override void Dispose()
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
        return empty([count, Channels, Height, Width], ScalarType.Byte);
    }

    // One image at a time: the memory of a tensor above 2 GiB cannot be seen at once.
    private void Read(int row, Tensor images, int index)
    {
        using var image = images[index];
        if (!PhotoCacheFile.ReadFully(_file.Handle, image.bytes, _offset + ((long)row * RowBytes)))
        {
            images.Dispose();
            throw new InvalidDatasetException(_file.Path, $"at least {_offset + ((row + 1L) * RowBytes)} bytes, as there were when it was opened", "fewer");
        }
    }

    private sealed class SharedFile(SafeFileHandle handle, string path)
    {
        private int _users = 1;

        public SafeFileHandle Handle => handle;

        public string Path => path;

        public void AddUser() => Interlocked.Increment(ref _users);

        public void Release()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                handle.Dispose();
            }
        }
    }
}
