using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>A small matrix that is multiplied with vectors of sixteen channels each.</summary>
internal sealed unsafe class ChannelMatrix
{
    // Pinned, so that they can be read through pointers.
    private readonly float[] _matrix;
    private readonly float[] _transposed;

    public ChannelMatrix(int rows, int columns, Func<int, int, double> element)
    {
        (Rows, Columns) = (rows, columns);
        _matrix = GC.AllocateArray<float>(rows * columns, pinned: true);
        _transposed = GC.AllocateArray<float>(rows * columns, pinned: true);
        for (var i = 0; i < rows * columns; i++)
        {
            var (row, column) = Math.DivRem(i, columns);
            _matrix[i] = _transposed[(column * rows) + row] = (float)element(row, column);
        }
    }

    public int Rows { get; }
    public int Columns { get; }

    /// <summary>rows = matrix * columns; as the adjoint, columns = matrix' * rows.</summary>
    public void Apply(float* columns, long columnStride, float* rows, long rowStride, bool isAdjoint)
    {
        if (isAdjoint)
        {
            Multiply(Address(_transposed), Columns, Rows, rows, rowStride, columns, columnStride);
        }
        else
        {
            Multiply(Address(_matrix), Rows, Columns, columns, columnStride, rows, rowStride);
        }
    }

    private static float* Address(float[] values) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* matrix, int rows, int columns, float* input, long inputStride, float* output, long outputStride)
    {
        // Several outputs at a time share what is read of the inputs, and none waits for the sum of another.
        var row = 0;
        for (; row + 4 <= rows; row += 4, matrix += 4 * columns, output += 4 * outputStride)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
            var factors = matrix;
            var from = input;
            for (var column = 0; column < columns; column++, factors++, from += inputStride)
            {
                var value = Lanes16.Load(from);
                a0 = Lanes16.MultiplyAdd(factors[0], value, a0);
                a1 = Lanes16.MultiplyAdd(factors[columns], value, a1);
                a2 = Lanes16.MultiplyAdd(factors[2 * columns], value, a2);
                a3 = Lanes16.MultiplyAdd(factors[3 * columns], value, a3);
            }

            a0.StoreAs(output);
            a1.StoreAs(output + outputStride);
            a2.StoreAs(output + (2 * outputStride));
            a3.StoreAs(output + (3 * outputStride));
        }

        for (; row < rows; row++, matrix += columns, output += outputStride)
        {
            var sum = Vector512<float>.Zero;
            for (var column = 0; column < columns; column++)
            {
                sum = Lanes16.MultiplyAdd(matrix[column], Lanes16.Load(input + (column * inputStride)), sum);
            }

            sum.StoreAs(output);
        }
    }
}
