using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The input of one step; its tensors are the caller's.</summary>
/// <param name="Images">Real images, (N, C, H, W), float32 in [-1, 1].</param>
/// <param name="Labels">The classes of the real images, (N), int64; null where the discriminator is given none.</param>
/// <param name="Latents">The latents of as many generated images, (N, latent), float32.</param>
/// <param name="GeneratedLabels">The classes of the generated images, (N), int64; of a conditional generator those of the real images. Null where the discriminator is given none.</param>
internal sealed record GanBatch(Tensor Images, Tensor? Labels, Tensor Latents, Tensor? GeneratedLabels);
