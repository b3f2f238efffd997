#include <gmime/gmime.h>

// GMime tells types apart by macros, which Swift can't see.

static inline GMimeObject *cgmime_root(GMimeMessage *message) { return g_mime_message_get_mime_part(message); }
static inline GMimeObject *cgmime_object(GMimeMessage *message) { return GMIME_OBJECT(message); }

// Gives back an object of any type; NULL is none.
static inline void cgmime_release(void *object) {
  if (object != NULL) g_object_unref(object);
}

static inline gboolean cgmime_is_multipart(GMimeObject *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean cgmime_is_message(GMimeObject *object) { return GMIME_IS_MESSAGE_PART(object); }
static inline gboolean cgmime_is_part(GMimeObject *object) { return GMIME_IS_PART(object); }

// Of a multipart.
static inline int cgmime_count(GMimeObject *object) { return g_mime_multipart_get_count(GMIME_MULTIPART(object)); }
static inline GMimeObject *cgmime_child(GMimeObject *object, int index) {
  return g_mime_multipart_get_part(GMIME_MULTIPART(object), index);
}

// Of a message/rfc822.
static inline GMimeMessage *cgmime_message(GMimeObject *object) {
  return g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
}

// Of a part: its bytes, decoded; NULL if it has none. To be freed with g_byte_array_free.
static inline GByteArray *cgmime_content(GMimeObject *object) {
  GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
  if (content == NULL) return NULL;
  GByteArray *bytes = g_byte_array_new();
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  g_mime_data_wrapper_write_to_stream(content, stream);
  g_object_unref(stream);
  return bytes;
}

// The address of a mailbox; NULL for a group.
static inline const char *cgmime_address(InternetAddress *address) {
  return INTERNET_ADDRESS_IS_MAILBOX(address)
             ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address))
             : NULL;
}
// The members of a group; NULL for a mailbox.
static inline InternetAddressList *cgmime_members(InternetAddress *address) {
  return INTERNET_ADDRESS_IS_GROUP(address) ? internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address))
                                            : NULL;
}
