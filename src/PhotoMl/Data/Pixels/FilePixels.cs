using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Pixels in a file, so that a data set may be larger than memory.</summary>
/// <remarks>The file is held with a shared lock until its last store is disposed; one that is replaced or deleted meanwhile stays
/// readable.</remarks>
internal sealed class FilePixels : PixelStore
{
    private readonly SharedFile _file;
    private readonly long[] _offsets;
    private readonly uint[] _checksums;
    private bool _isReleased;

    private FilePixels(SharedFile file, long[] offsets, uint[] checksums, (int Channels, int Height, int Width) shape)
    {
        (_file, _offsets, _checksums) = (file, offsets, checksums);
        (Channels, Height, Width) = shape;
    }

    public override int Count => _offsets.Length;
    public override int Channels { get; }
    public override int Height { get; }
    public override int Width { get; }

    /// <summary>Opens a file; each image has the place where its C x H x W bytes begin, and their checksum.</summary>
    public static FilePixels Open(string path, long[] offsets, uint[] checksums, (int Channels, int Height, int Width) shape) =>
        new(new SharedFile(RegularFile.OpenHandle(path, FileShare.ReadWrite | FileShare.Delete), path), offsets, checksums, shape);

    public override Tensor Take(ReadOnlySpan<long> indices)
    {
        Check(indices);
        ObjectDisposedException.ThrowIf(_isReleased, this);
        var images = empty([indices.Length, Channels, Height, Width], ScalarType.Byte);
        for (var i = 0; i < indices.Length; i++)
        {
            Read(_offsets[indices[i]], images, i);
        }

        return images;
    }

    public override Tensor Take(int start, int count)
    {
        Check(start, count);
        return Take([.. Enumerable.Range(start, count).Select(index => (long)index)]);
    }

    public override PixelStore Subset(long[] indices)
    {
        Check(indices);
        ObjectDisposedException.ThrowIf(_isReleased, this);
        _file.AddUser();
        return new FilePixels(
            _file, Array.ConvertAll(indices, i => _offsets[i]), Array.ConvertAll(indices, i => _checksums[i]), (Channels, Height, Width));
    }

    /// <summary>Hashes the checksums, by which the pixels were verified when the file was opened.</summary>
    public override void AddTo(IncrementalHash hash, CancellationToken cancellationToken) => hash.AppendData(MemoryMarshal.AsBytes<uint>(_checksums));

    public override void Dispose()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            _file.Release();
        }
    }

    // One image at a time: the memory of a tensor above 2 GiB cannot be seen at once.
    private void Read(long offset, Tensor images, int index)
    {
        using var image = images[index];
        if (!PhotoCacheFile.ReadFully(_file.Handle, image.bytes, offset))
        {
            var needed = offset + image.bytes.Length;
            images.Dispose();
            throw new InvalidDatasetException(_file.Path, $"at least {needed} bytes, as there were when it was opened", "fewer");
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
