namespace PhotoMl.Models;

/// <summary>What a pickle says of the memory that tensors lie in.</summary>
internal sealed record TensorStorage(TensorDtype Dtype, string Key, long Elements);

/// <summary>What a pickle says of a tensor: a view of a storage.</summary>
internal sealed record StoredTensor(TensorStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    private const long MostElements = 1L << 48;

    public long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    public long Bytes => Shape.Aggregate((long)Storage.Dtype.Bytes, (product, size) => product * size);

    public bool Fits()
    {
        if (Offset < 0 || Shape.Concat(Strides).Any(number => number < 0))
        {
            return false;
        }

        // Cut off before they overflow; a size of 0 counts as 1, so that torch can count the elements of an empty tensor too.
        Int128 last = Offset, counted = 1;
        foreach (var (size, stride) in Shape.Zip(Strides))
        {
            counted = Int128.Min(counted * Math.Max(1, size), long.MaxValue);
            last = Int128.Min(last + ((Int128)Math.Max(0, size - 1) * stride), Int128.MaxValue >> 1);
        }

        return counted <= MostElements
            && (Shape.Contains(0) ? Offset <= Storage.Elements : counted <= Storage.Elements && last < Storage.Elements);
    }
}
