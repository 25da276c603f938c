using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>Makes every interpolated text of the library, and of the tool, the same under every culture.</summary>
/// <remarks>The compiler builds <c>$"..."</c> with the type of this name, and prefers the one that the assembly itself declares to that of
/// the base class library, which formats numbers by <see cref="CultureInfo.CurrentCulture"/>. All other formatting is held by the
/// analyzers' rules in <c>.editorconfig</c>.</remarks>
[InterpolatedStringHandler]
internal struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder _text;
    private StringBuilder.AppendInterpolatedStringHandler _handler;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        const int UsualLength = 11; // of a value, as the base class library guesses
        _text = new StringBuilder(literalLength + (formattedCount * UsualLength));
        _handler = new StringBuilder.AppendInterpolatedStringHandler(literalLength, formattedCount, _text, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => _handler.AppendLiteral(value);

    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null) =>
        _handler.AppendFormatted(value, alignment, format);

    public void AppendFormatted(ReadOnlySpan<char> value) => _handler.AppendFormatted(value);

    public readonly string ToStringAndClear() => _text.ToString();
}
