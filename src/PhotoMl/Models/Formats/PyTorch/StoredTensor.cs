namespace PhotoMl.Models;

/// <summary>What a pickle says of the memory that tensors lie in.</summary>
internal sealed record TensorStorage(string Dtype, string Key, long Elements);

/// <summary>What a pickle says of a tensor: a view of a storage.</summary>
internal sealed record StoredTensor(TensorStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    private const long MostElements = 1L << 48;

    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
    public long Extent => Elements == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    public bool IsContiguous => Shape.Zip(Strides).Reverse().Aggregate((Step: 1L, Holds: true), (state, dimension) =>
        (state.Step * dimension.First, state.Holds && (dimension.First <= 1 || dimension.Second == state.Step))).Holds;

    public bool Fits()
    {
        // Cut off before they overflow; a size of 0 counts as 1 in the third, so that torch can count the elements of an empty tensor too.
        Int128 elements = 1, last = Offset, counted = 1;
        foreach (var (size, stride) in Shape.Zip(Strides))
        {
            if (size < 0 || stride < 0)
            {
                return false;
            }

            elements = Int128.Min(elements * size, long.MaxValue);
            counted = Int128.Min(counted * Math.Max(1, size), long.MaxValue);
            last = Int128.Min(last + ((Int128)Math.Max(0, size - 1) * stride), Int128.MaxValue >> 1);
        }

        return Offset >= 0 && elements <= Storage.Elements && counted <= MostElements && (elements == 0 ? Offset <= Storage.Elements : last < Storage.Elements);
    }
}
