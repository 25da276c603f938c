namespace PhotoMl.Kernels;

/// <summary>The sizes and transforms of a 3 x 3 convolution by minimal filtering.</summary>
internal sealed class WinogradLayer
{
    private const int Kernel = WinogradTile.Kernel;

    // What stays in the second level of a core's cache between its transform and its product.
    private const long ChunkElements = 200_000;

    // Up to so many elements of transformed weights each thread multiplies its own images.
    private const long FewWeights = 600_000;

    // With few pixels the transform of the weights outweighs the products it saves; the limit is an estimate.
    private const long FewestPixels = 128;

    private static readonly WinogradTile[] TilesInFloat32 = [WinogradTile.Four, WinogradTile.Three, WinogradTile.Five];

    private readonly WinogradTile _tile;
    private readonly WinogradGrid _input;
    private readonly WinogradGrid _output;
    private readonly ScalarType _dtypeOfPlanes;

    public WinogradLayer(LayerInput input, ScalarType dtypeOfPlanes)
    {
        var (layer, (height, width)) = (input.Layer, ((int)input.Size.Height, (int)input.Size.Width));
        (_tile, Dtype, _dtypeOfPlanes) = (TileOf(input, dtypeOfPlanes), input.X.dtype, dtypeOfPlanes);
        var (rows, columns) = ((height + Tile - 1) / Tile, (width + Tile - 1) / Tile);
        _input = new WinogradGrid((int)input.X.shape[2], (int)input.X.shape[3], layer.Inputs, Tile, rows, columns, layer.Padding);
        _output = new WinogradGrid(height, width, layer.Outputs, Tile, rows, columns);
    }

    /// <summary>The height and width of the results.</summary>
    public (int Height, int Width) Size => (_output.Height, _output.Width);

    /// <summary>The side of a tile of results: 3 to 5, with planes in bfloat16 2.</summary>
    public int Tile => _tile.Side;

    /// <summary>The dtype of activations.</summary>
    public ScalarType Dtype { get; }

    /// <summary>The plane of the interpolation point 1 along both axes: it adds the same to all results of a tile, and its gradient
    /// is the sum of theirs.</summary>
    public int PlaneOfSums => Tile + 3;

    private long Weights => (long)_input.Planes * _input.Channels * _output.Channels;
    private bool HasFewWeights => Weights <= FewWeights;

    public static bool Supports(LayerSpec layer) => layer is { Kind: LayerKind.Conv, Kernel: Kernel, Stride: 1, Padding: 0 or 1 }
        && layer.Inputs % Lanes16.Count == 0
        && layer.Outputs % Lanes16.Count == 0;

    public static bool Suits(LayerInput input, ScalarType dtypeOfPlanes)
    {
        var (batch, (height, width)) = (input.X.shape[0], input.Size);
        var tile = TileOf(input, dtypeOfPlanes);
        return KernelMemory.IsPlain(input.Weight)
            && KernelMemory.IsSupported(input.X, channels: 0)
            && input.X.shape[1] == input.Layer.Inputs
            && height > 0
            && width > 0
            && batch * height * width * input.Layer.Outputs <= int.MaxValue
            && batch * height * width >= FewestPixels
            && tile.Products(height, width) * (tile == WinogradTile.Two ? 1 : 2) <= Kernel * Kernel * height * width;
    }

    /// <summary>The planes of weights, (planes, O, C), in the dtype of planes.</summary>
    public Tensor TransformWeight(Tensor weight)
    {
        var taps = weight.reshape(-1, Kernel * Kernel).t(); // (9, O * C)
        return Filter().matmul(taps).reshape(_input.Planes, _output.Channels, _input.Channels).to(_dtypeOfPlanes);
    }

    /// <summary>The planes of weights as (planes, C, O); few of them in this order in memory, which saves small products a fifth of their
    /// time.</summary>
    public Tensor TransposePlanes(Tensor weights) => HasFewWeights ? weights.transpose(1, 2).contiguous() : weights.transpose(1, 2);

    /// <summary>The weights (O, C, 3, 3) of planes: the adjoint of <see cref="TransformWeight"/>.</summary>
    public Tensor TransformWeightAdjoint(Tensor planes)
    {
        var taps = planes.reshape(_input.Planes, -1).t().matmul(Filter()); // (O * C, 9)
        return taps.reshape(_output.Channels, _input.Channels, Kernel, Kernel);
    }

    /// <summary>The planes of inputs, (planes, tiles, C).</summary>
    public Tensor TransformInput(Tensor pixels) => ToPlanes(pixels, _input, isAdjoint: false);

    /// <summary>Writes the gradient by the inputs, of that by their planes: the adjoint of <see cref="TransformInput"/>.</summary>
    public void TransformInputAdjoint(Tensor planes, Tensor pixels) => Run(pixels, _input, planes, toPlanes: false, isAdjoint: true);

    /// <summary>Writes the results of planes, (planes, tiles, O).</summary>
    public void TransformOutput(Tensor planes, Tensor pixels) => Run(pixels, _output, planes, toPlanes: false, isAdjoint: false);

    /// <summary>The gradient by the planes of results, (planes, tiles, O): the adjoint of <see cref="TransformOutput"/>.</summary>
    public Tensor TransformOutputAdjoint(Tensor pixels) => ToPlanes(pixels, _output, isAdjoint: true);

    /// <summary>Computes a batch chunk by chunk of images.</summary>
    /// <remarks>Each thread computes its own images, by chunks whose planes stay in its cache. Where the weights are many, all threads
    /// compute the same chunk, so large that reading the weights again costs less than reading the planes.</remarks>
    /// <param name="images">The images of the batch.</param>
    /// <param name="work">Computes a chunk, given the part of the batch, its first image and their number.</param>
    public void ForEachChunk(long images, Action<int, long, long> work)
    {
        var ofImage = (long)_input.Planes * _input.Tiles * Math.Max(_input.Channels, _output.Channels);
        if (HasFewWeights && images >= ParallelRanges.Parts && ParallelRanges.HoldOperators)
        {
            ParallelRanges.For((int)images, (part, start, end) => Run(part, start, end, Math.Max(1, ChunkElements / ofImage)));
        }
        else
        {
            Run(0, 0, images, Math.Max(1, Math.Max(ParallelRanges.Parts * ChunkElements, 2 * Weights) / ofImage));
        }

        void Run(int part, long start, long end, long size)
        {
            for (var first = start; first < end; first += size)
            {
                using var scope = NewDisposeScope();
                work(part, first, Math.Min(size, end - first));
            }
        }
    }

    // The tile with the fewest products; that of 5 x 5, which rounds more, has to save a ninth. In bfloat16 larger ones round too much.
    private static WinogradTile TileOf(LayerInput input, ScalarType dtypeOfPlanes) => dtypeOfPlanes == ScalarType.BFloat16
        ? WinogradTile.Two
        : TilesInFloat32.MinBy(tile => tile.Products(input.Size.Height, input.Size.Width) * (tile == WinogradTile.Five ? 9 : 8))!;

    private Tensor ToPlanes(Tensor pixels, WinogradGrid grid, bool isAdjoint)
    {
        var planes = PlaneGrid.Empty(grid.Planes, pixels.shape[0] * grid.Tiles, grid.Channels, _dtypeOfPlanes);
        Run(pixels, grid, planes, toPlanes: true, isAdjoint);
        return planes;
    }

    private void Run(Tensor pixels, WinogradGrid grid, Tensor planes, bool toPlanes, bool isAdjoint) =>
        IKernel.Run(_tile.Pass(pixels, grid, planes, toPlanes, isAdjoint), pixels.dtype, pixels.shape[0]);

    // The transform of the filter along both axes, (planes, 9).
    private Tensor Filter() => tensor(_tile.Filter, [_input.Planes, Kernel * Kernel]);
}
