using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Models;

/// <summary>Reads the pickle of a state_dict without running anything: a stack machine that knows dictionaries, numbers, texts and tensors.</summary>
/// <remarks>The opcodes are those of Python's pickletools; a name that is not in <see cref="PickleGlobal"/> ends the reading.</remarks>
internal sealed class PickleReader
{
    public const int MostBytes = 1 << 25;

    private const string Kind = "the pickle of a state_dict";
    private const int MostObjects = 1 << 21;
    private const int MostStack = 1 << 18;
    private const int MostTextBytes = 1 << 16;
    private const int NewestProtocol = 5;

    private static readonly UTF8Encoding StrictText = new(false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;
    private int _objects;
    private int _tensors;

    private PickleReader(string path, byte[] bytes) => (_path, _bytes) = (path, bytes);

    public static object? Read(string path, byte[] bytes) => new PickleReader(path, bytes).Run();

    private object? Run()
    {
        while (true)
        {
            var opcode = (PickleOpcode)Take(1)[0];
            if (opcode == PickleOpcode.Stop)
            {
                return Pop();
            }

            Step(opcode);
            if (++_objects > MostObjects || _stack.Count > MostStack)
            {
                throw Refuse($"at most {MostObjects} steps and {MostStack} objects at once", "more");
            }
        }
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: CheckProtocol(Take(1)[0]); break;
            case PickleOpcode.Mark: _stack.Push(Mark.Instance); break;
            case PickleOpcode.None: _stack.Push(null); break;
            case PickleOpcode.NewTrue: _stack.Push(true); break;
            case PickleOpcode.NewFalse: _stack.Push(false); break;
            case PickleOpcode.BinInt: _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BinInt1: _stack.Push((long)Take(1)[0]); break;
            case PickleOpcode.BinInt2: _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.Long1: _stack.Push(ReadLong(Take(Take(1)[0]))); break;
            case PickleOpcode.BinFloat: _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.BinUnicode: _stack.Push(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case PickleOpcode.ShortBinUnicode: _stack.Push(ReadText(Take(1)[0])); break;
            case PickleOpcode.EmptyDict: _stack.Push(new Dictionary<object, object?>()); break;
            case PickleOpcode.EmptyList: _stack.Push(new List<object?>()); break;
            case PickleOpcode.EmptyTuple: _stack.Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: PushTuple(1); break;
            case PickleOpcode.Tuple2: PushTuple(2); break;
            case PickleOpcode.Tuple3: PushTuple(3); break;
            case PickleOpcode.Tuple: _stack.Push(PopToMark()); break;
            case PickleOpcode.Append: AppendTo([Pop()]); break;
            case PickleOpcode.Appends: AppendTo(PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(PopMany(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.BinPut: _memo[Take(1)[0]] = Peek(); break;
            case PickleOpcode.LongBinPut: _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case PickleOpcode.BinGet: PushMemo(Take(1)[0]); break;
            case PickleOpcode.LongBinGet: PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case PickleOpcode.Global: _stack.Push(ReadGlobal()); break;
            case PickleOpcode.BinPersId: _stack.Push(FindStorage(Pop())); break;
            case PickleOpcode.Reduce: Reduce(); break;

            // The attributes of an OrderedDict, such as the _metadata of a module, are of no use here.
            case PickleOpcode.Build: _ = Pop(); _ = Expect<Dictionary<object, object?>>(Peek(), "a dictionary to build"); break;
            default: throw Refuse("only the opcodes of a state_dict", $"opcode 0x{(byte)opcode:X2} at byte {_position - 1} of its pickle; nothing in it was run");
        }
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol > NewestProtocol)
        {
            throw Refuse($"a pickle of protocol {NewestProtocol} at most", $"protocol {protocol}");
        }
    }

    private Name ReadGlobal()
    {
        var name = $"{ReadLine()}.{ReadLine()}";
        return PickleGlobal.IsKnown(name)
            ? new Name(name)
            : throw Refuse("only the names a state_dict of tensors refers to (collections.OrderedDict, torch's storages and _rebuild_tensor_v2)", $"{Printable(name)}; nothing in it was run");
    }

    private void Reduce()
    {
        var arguments = Expect<object?[]>(Pop(), "arguments in a tuple");
        var name = Expect<Name>(Pop(), "a name to apply");
        _stack.Push(name.Text switch
        {
            PickleGlobal.OrderedDict when arguments.Length == 0 => new Dictionary<object, object?>(),
            PickleGlobal.RebuildTensor when arguments is [TensorStorage storage, long offset, object?[] shape, object?[] strides, ..] => Rebuild(storage, offset, shape, strides),
            PickleGlobal.RebuildParameter when arguments is [StoredTensor tensor, ..] => tensor,
            _ => throw Refuse($"the arguments of {name.Text}", $"{arguments.Length} others"),
        });
    }

    private TensorStorage FindStorage(object? identity) => identity is object?[] and ["storage", Name { Text: var type }, string key, string, long elements] && PickleGlobal.DtypeOf(type) is { } dtype
        ? new TensorStorage(dtype, key, elements)
        : throw Refuse("a storage of tensors", "another persistent object");

    private StoredTensor Rebuild(TensorStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (++_tensors > SafetensorsFormat.MostTensors)
        {
            throw Refuse($"at most {SafetensorsFormat.MostTensors} tensors", "more");
        }

        if (shape.Length != strides.Length || shape.Length > SafetensorsFormat.MostDimensions || !shape.Concat(strides).All(number => number is long))
        {
            throw Refuse($"as many strides as sizes, {SafetensorsFormat.MostDimensions} at most", $"{shape.Length} sizes and {strides.Length} strides");
        }

        var tensor = new StoredTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
        return tensor.Fits() ? tensor : throw Refuse(
            $"a tensor within the {storage.Elements} elements of storage {Printable(storage.Key)}",
            $"one of sizes ({string.Join(", ", tensor.Shape.Select(size => $"{size}"))}), strides ({string.Join(", ", tensor.Strides.Select(stride => $"{stride}"))}) and offset {offset}");
    }

    private void SetItems(object?[] items)
    {
        var dictionary = Expect<Dictionary<object, object?>>(Peek(), "a dictionary to fill");
        if (items.Length % 2 != 0)
        {
            throw Refuse("a value for every key", $"{items.Length} keys and values");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary[items[i] is string or long ? items[i]! : throw Refuse("keys that are texts or numbers", "another key")] = items[i + 1];
        }
    }

    private void AppendTo(object?[] items) => Expect<List<object?>>(Peek(), "a list to fill").AddRange(items);

    private void PushTuple(int count) => _stack.Push(PopMany(count));

    private void PushMemo(uint index) =>
        _stack.Push(_memo.TryGetValue(index, out var value) ? value : throw Refuse(Kind, $"a reference to object {index}, which it does not have"));

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private object?[] PopToMark()
    {
        var items = new List<object?>();
        while (_stack.TryPop(out var item))
        {
            if (item is Mark)
            {
                items.Reverse();
                return [.. items];
            }

            items.Add(item);
        }

        throw Refuse(Kind, "a list without its beginning");
    }

    private object? Peek() => _stack.TryPeek(out var value) && value is not Mark ? value : throw Refuse(Kind, $"nothing to work on before byte {_position}");

    private object? Pop()
    {
        var value = Peek();
        _ = _stack.Pop();
        return value;
    }

    private T Expect<T>(object? value, string expected)
        where T : class => value as T ?? throw Refuse(expected, $"something else before byte {_position} of its pickle");

    private long ReadLong(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
        {
            throw Refuse("whole numbers of 8 bytes at most", $"one of {bytes.Length}");
        }

        var value = bytes.IsEmpty ? 0L : (sbyte)bytes[^1] >> 7;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private string ReadText(uint length)
    {
        try
        {
            return length <= MostTextBytes ? StrictText.GetString(Take((int)length)) : throw Refuse($"texts of at most {MostTextBytes} bytes", $"one of {length}");
        }
        catch (DecoderFallbackException)
        {
            throw Refuse("texts in UTF-8", $"others before byte {_position} of its pickle");
        }
    }

    private string ReadLine()
    {
        var length = _bytes.AsSpan(_position).IndexOf((byte)'\n');
        var line = length is >= 0 and <= MostTextBytes ? ReadText((uint)length) : throw Refuse(Kind, "a name without an end");
        _position++;
        return line;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw Refuse(Kind, $"its end after {_bytes.Length} bytes");
        }

        _position += count;
        return _bytes.AsSpan(_position - count, count);
    }

    private InvalidModelException Refuse(string expected, string found) => new(_path, expected, found);

    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));

    internal sealed record Name(string Text);

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
