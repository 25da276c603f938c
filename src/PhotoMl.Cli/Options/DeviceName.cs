namespace PhotoMl.Cli.Options;

/// <summary>The names of devices.</summary>
internal static class DeviceName
{
    /// <summary>The processor.</summary>
    public const string Cpu = "cpu";

    private const string Cuda = "cuda";

    /// <summary>Checks the form of a name; whether the machine has the device is another matter.</summary>
    /// <exception cref="FormatException">It names no device.</exception>
    public static string Parse(string text)
    {
        var name = text.ToLowerInvariant();
        return name is "auto" or Cpu or Cuda || (name.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(5), out _))
            ? name
            : throw new FormatException($"expected auto, cpu, cuda or cuda:N, but got '{text}'");
    }

    /// <summary>Decides what a name means on this machine.</summary>
    /// <returns><see cref="Cpu"/>, the one device that models run on so far.</returns>
    /// <exception cref="InputException">It is another device.</exception>
    public static string Resolve(string name) => name is "auto" or Cpu
        ? Cpu
        : throw new InputException($"--device {name}", "auto or cpu, the only device that models run on in this version", name);
}
