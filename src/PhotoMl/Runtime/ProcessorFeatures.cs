using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Runtime;

/// <summary>The processor features that decide how fast a network runs.</summary>
public static class ProcessorFeatures
{
    private const int Avx512BFloat16Bit = 1 << 5; // CPUID leaf 7, subleaf 1, EAX
    private const int AuthenticAmd = 0x68747541; // "Auth", CPUID leaf 0, EBX
    private const int AmxBFloat16Bit = 1 << 22; // CPUID leaf 7, subleaf 0, EDX

    /// <summary>Whether the processor multiplies bfloat16 natively (AVX512_BF16).</summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported && (Leaf7(subleaf: 1).Eax & Avx512BFloat16Bit) != 0;

    /// <summary>Whether products in bfloat16 are faster than in float32.</summary>
    /// <remarks>
    /// AMD's processors with AVX512_BF16 multiply bfloat16 at more than twice the rate of float32 (a product of 2048 x 2048 with 2 threads of a Zen 4: 371
    /// against 141 GFLOP/s). Intel's do so with AMX only: by AVX512_BF16 alone they take twice as long as in float32 (an Emerald Rapids without AMX: 166
    /// against 329). Both by <c>tests/PhotoMl.Benchmarks</c>, whose last lines are these limits.
    /// </remarks>
    public static bool HasFastBFloat16 { get; } = HasAmxBFloat16 || (HasBFloat16 && IsAmd);

    private static bool HasAmxBFloat16 => Avx512F.IsSupported && (Leaf7(subleaf: 0).Edx & AmxBFloat16Bit) != 0;

    private static bool IsAmd => RuntimeInformation.ProcessArchitecture == Architecture.X64 && X86Base.CpuId(0, 0).Ebx == AuthenticAmd;

    /// <summary>Names the features the processor has, among those that matter.</summary>
    /// <returns>The names, such as <c>AVX2</c> and <c>AVX512_BF16</c>.</returns>
    public static IReadOnlyList<string> List()
    {
        var found = new List<string>();
        Add(Avx2.IsSupported, "AVX2");
        Add(Fma.IsSupported, "FMA");
        Add(Avx512F.IsSupported, "AVX512F");
        Add(HasBFloat16, "AVX512_BF16");
        Add(HasAmxBFloat16, "AMX_BF16");
        Add(AdvSimd.IsSupported, "NEON");
        return found;

        void Add(bool has, string name)
        {
            if (has)
            {
                found.Add(name);
            }
        }
    }

    private static (int Eax, int Ebx, int Ecx, int Edx) Leaf7(int subleaf) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 && X86Base.CpuId(0, 0).Eax >= 7 ? X86Base.CpuId(7, subleaf) : default;
}
