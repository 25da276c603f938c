using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Runtime;

/// <summary>The processor features that decide how fast a network runs.</summary>
public static class ProcessorFeatures
{
    private const int Avx512BFloat16Bit = 1 << 5; // CPUID leaf 7, subleaf 1, EAX
    private const int AmxBFloat16Bit = 1 << 22; // CPUID leaf 7, subleaf 0, EDX

    /// <summary>Whether the processor multiplies bfloat16 natively (AVX512_BF16).</summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported && (Leaf7(subleaf: 1).Eax & Avx512BFloat16Bit) != 0;

    /// <summary>Names the features the processor has, among those that matter.</summary>
    /// <returns>The names, such as <c>AVX2</c> and <c>AVX512_BF16</c>.</returns>
    public static IReadOnlyList<string> List()
    {
        var found = new List<string>();
        Add(Avx2.IsSupported, "AVX2");
        Add(Fma.IsSupported, "FMA");
        Add(Avx512F.IsSupported, "AVX512F");
        Add(HasBFloat16, "AVX512_BF16");
        Add(Avx512F.IsSupported && (Leaf7(subleaf: 0).Edx & AmxBFloat16Bit) != 0, "AMX_BF16");
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
