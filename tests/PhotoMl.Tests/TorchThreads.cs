using TorchSharp;

namespace PhotoMl.Tests;

/// <summary>Another number of torch threads until the end of a block.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public TorchThreads(int count) => torch.set_num_threads(count);

    public void Dispose() => torch.set_num_threads(_before);
}
