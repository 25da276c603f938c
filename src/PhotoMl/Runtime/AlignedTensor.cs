namespace PhotoMl.Runtime;

/// <summary>Tensors of .NET arrays for matrix products.</summary>
internal static class AlignedTensor
{
    /// <summary>Copies an array into a tensor of torch's own memory.</summary>
    /// <remarks>
    /// <c>torch.tensor</c> leaves the numbers in a .NET array, which begins at any multiple of 8 bytes, and MKL may round a product
    /// differently by where its operands begin: the same seed would not give the same weights.
    /// </remarks>
    public static Tensor Copy(float[] values, params long[] shape)
    {
        using var ofArray = tensor(values, shape);
        return ofArray.clone();
    }
}
