using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Models;

/// <summary>Writes the pickle, of protocol 2, of a state_dict.</summary>
internal sealed class PickleWriter
{
    private const byte Protocol = 2;

    private readonly List<byte> _bytes = [];

    public static byte[] Write(IEnumerable<(string Name, StoredTensor Tensor)> tensors)
    {
        var writer = new PickleWriter();
        writer.Put(PickleOpcode.Proto);
        writer._bytes.Add(Protocol);
        writer.PutOrderedDict();
        writer.Put(PickleOpcode.Mark);
        foreach (var (name, tensor) in tensors)
        {
            writer.PutText(name);
            writer.PutTensor(tensor);
        }

        writer.Put(PickleOpcode.SetItems);
        writer.Put(PickleOpcode.Stop);
        return [.. writer._bytes];
    }

    // _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, backward_hooks)
    private void PutTensor(StoredTensor tensor)
    {
        PutGlobal(PickleGlobal.RebuildTensor);
        Put(PickleOpcode.Mark);
        PutStorage(tensor.Storage);
        PutNumber(tensor.Offset);
        PutNumbers(tensor.Shape);
        PutNumbers(tensor.Strides);
        Put(PickleOpcode.NewFalse);
        PutOrderedDict();
        Put(PickleOpcode.Tuple);
        Put(PickleOpcode.Reduce);
    }

    private void PutStorage(TensorStorage storage)
    {
        Put(PickleOpcode.Mark);
        PutText("storage");
        PutGlobal(PickleGlobal.StorageOf(storage.Dtype));
        PutText(storage.Key);
        PutText("cpu");
        PutNumber(storage.Elements);
        Put(PickleOpcode.Tuple);
        Put(PickleOpcode.BinPersId);
    }

    private void PutOrderedDict()
    {
        PutGlobal(PickleGlobal.OrderedDict);
        Put(PickleOpcode.EmptyTuple);
        Put(PickleOpcode.Reduce);
    }

    private void PutNumbers(long[] numbers)
    {
        Put(PickleOpcode.Mark);
        foreach (var number in numbers)
        {
            PutNumber(number);
        }

        Put(PickleOpcode.Tuple);
    }

    private void PutNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= 0 and <= byte.MaxValue)
        {
            Put(PickleOpcode.BinInt1);
            _bytes.AddRange(bytes[..1]);
        }
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            Put(PickleOpcode.BinInt);
            _bytes.AddRange(bytes[..sizeof(int)]);
        }
        else
        {
            Put(PickleOpcode.Long1);
            _bytes.Add(sizeof(long));
            _bytes.AddRange(bytes);
        }
    }

    private void PutText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Put(PickleOpcode.BinUnicode);
        _bytes.AddRange(length);
        _bytes.AddRange(bytes);
    }

    private void PutGlobal(string name)
    {
        var dot = name.LastIndexOf('.');
        Put(PickleOpcode.Global);
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{name[..dot]}\n{name[(dot + 1)..]}\n"));
    }

    private void Put(PickleOpcode opcode) => _bytes.Add((byte)opcode);
}
