using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Multiplies a small matrix with vectors of sixteen channels.</summary>
internal static unsafe class ChannelMatrix
{
    public const int Channels = 16;

    /// <summary>output[row] = sum over columns of matrix[row, column] * input[column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* matrix, int rows, int columns, float* input, long inputStride, float* output, long outputStride)
    {
        var row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            // Four outputs at a time share what is read of the inputs.
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            var factors = matrix + (row * columns);
            var from = input;
            for (var column = 0; column < columns; column++, factors++, from += inputStride)
            {
                var low = Vector256.Load(from);
                var high = Vector256.Load(from + 8);
                var f0 = Vector256.Create(factors[0]);
                var f1 = Vector256.Create(factors[columns]);
                var f2 = Vector256.Create(factors[2 * columns]);
                var f3 = Vector256.Create(factors[3 * columns]);
                a0 = Vector256.FusedMultiplyAdd(f0, low, a0);
                b0 = Vector256.FusedMultiplyAdd(f0, high, b0);
                a1 = Vector256.FusedMultiplyAdd(f1, low, a1);
                b1 = Vector256.FusedMultiplyAdd(f1, high, b1);
                a2 = Vector256.FusedMultiplyAdd(f2, low, a2);
                b2 = Vector256.FusedMultiplyAdd(f2, high, b2);
                a3 = Vector256.FusedMultiplyAdd(f3, low, a3);
                b3 = Vector256.FusedMultiplyAdd(f3, high, b3);
            }

            Store(a0, b0, output + (row * outputStride));
            Store(a1, b1, output + ((row + 1) * outputStride));
            Store(a2, b2, output + ((row + 2) * outputStride));
            Store(a3, b3, output + ((row + 3) * outputStride));
        }

        for (; row < rows; row++)
        {
            Vector256<float> a = default, b = default;
            var factors = matrix + (row * columns);
            var from = input;
            for (var column = 0; column < columns; column++, from += inputStride)
            {
                var factor = Vector256.Create(factors[column]);
                a = Vector256.FusedMultiplyAdd(factor, Vector256.Load(from), a);
                b = Vector256.FusedMultiplyAdd(factor, Vector256.Load(from + 8), b);
            }

            Store(a, b, output + (row * outputStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, float* to)
    {
        low.Store(to);
        high.Store(to + 8);
    }
}
