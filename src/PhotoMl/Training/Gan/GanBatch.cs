using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>What one step is given; its tensors are the caller's.</summary>
/// <param name="Images">Real images, (N, C, H, W), float32 in [-1, 1].</param>
/// <param name="Labels">The classes of both real and generated images, (N), int64; null where the networks are not conditional.</param>
/// <param name="Latents">The random numbers of as many generated images, (N, latent), float32.</param>
internal sealed record GanBatch(Tensor Images, Tensor? Labels, Tensor Latents);
