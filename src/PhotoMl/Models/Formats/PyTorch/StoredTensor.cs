using System.Numerics;

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

        // A size of 0 counts as 1, so that torch can count the elements of an empty tensor too.
        var counted = Shape.Aggregate(BigInteger.One, (product, size) => product * Math.Max(1, size));
        var last = Shape.Zip(Strides).Aggregate((BigInteger)Offset, (sum, axis) => sum + ((axis.First - 1) * (BigInteger)axis.Second));
        return counted <= MostElements
            && (Shape.Contains(0) ? Offset <= Storage.Elements : counted <= Storage.Elements && last < Storage.Elements);
    }
}
